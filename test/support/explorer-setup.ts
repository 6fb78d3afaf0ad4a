// Starts one relayer with packets of every fate for all tests of its pages, and what sends more of them.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { openExplorerWorld, OPERATOR_TOKEN } from "./explorer-world.ts";
import type { ExplorerWorld } from "./explorer-world.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly explorer: {
      readonly url: string;
      readonly packets: ExplorerWorld["packets"];
      /** Ends of the route, `chain/client`. */
      readonly lanes: readonly [string, string];
      /** Sends a message when it is asked; answers with the packet's id. */
      readonly sender: string;
    };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env["TEST_OPERATOR_TOKEN"] = OPERATOR_TOKEN;
  const world = await openExplorerWorld({
    tokens: [{ name: "test-operator", role: "operator", token: { env: "TEST_OPERATOR_TOKEN" } }],
    requestsPerMinute: 100_000,
  });
  const server = createServer((request, response) => {
    world.sendMessage(`one more at ${request.url}`).then(
      (id) => response.end(id),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  project.provide("explorer", {
    url: world.url,
    packets: world.packets,
    lanes: world.lanes,
    sender: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  return async () => {
    server.close();
    await world.close();
  };
}
