// Runs the command line in this process and captures what it writes.
import { Writable } from "node:stream";
import { run } from "#relayer/cli.ts";

export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function sink(tell: (text: string) => void = () => undefined): { readonly stream: Writable; text(): string } {
  let written = "";
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      written += chunk.toString();
      tell(written);
      done();
    },
  });
  return { stream, text: () => written };
}

export const causeway = (...argv: readonly string[]): Promise<Ran> => causewayTelling(() => undefined, ...argv);

/** The same, telling the output so far whenever there is more. */
export async function causewayTelling(tell: (output: string) => void, ...argv: readonly string[]): Promise<Ran> {
  const [output, errors] = [sink(tell), sink()];
  const code = await run(argv, {
    output: output.stream,
    errors: errors.stream,
    signal: new AbortController().signal,
    exitCode: 0,
  });
  return { code, output: output.text(), errors: errors.text() };
}
