// What the page and its worker say to each other: bundles and logs are judged beside the page, so that it stays responsive.
import type { AuditReport } from "#sdk/evidence/report.ts";

export type Work =
  | { readonly kind: "bundle"; readonly file: Uint8Array; readonly logKey: string | undefined }
  | {
      readonly kind: "consistency";
      readonly note: string;
      readonly key: string;
      readonly before: { readonly size: string; readonly root: string } | undefined;
      /** Hexadecimal hashes; needed when the log has grown. */
      readonly proof: readonly string[];
    };

export type Consistency =
  | { readonly ok: true; readonly size: string; readonly root: string }
  | { readonly ok: false; readonly why: string };

export type Worked =
  | { readonly kind: "bundle"; readonly report: AuditReport }
  | ({ readonly kind: "consistency" } & Consistency);

/** Does one piece of work in a worker of its own. Rejects when there can be none. */
export async function workAside(work: Work): Promise<Worked> {
  const worker = new Worker(document.documentElement.dataset["worker"] ?? "");
  try {
    return await new Promise<Worked>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Worked>) => resolve(data));
      worker.addEventListener("error", () => reject(new Error("the verifier could not be started")));
      // A worker has no origin to name.
      // eslint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(work);
    });
  } finally {
    worker.terminate();
  }
}
