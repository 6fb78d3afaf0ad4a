// Pages about what is not there, or did not work.
import { html } from "../html.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { Explanation } from "#sdk/trace/explanation.ts";
import { ApiProblem } from "../ask.ts";
import { sentenceText } from "../components/sentence-text.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import type { Page } from "../page.ts";

/**
 * Nothing here goes by that name: that says nothing about what other relayers and the chains know. `chainsPath` is the page on which the chains are
 * asked, where they were not yet.
 */
export const unknownPage = (id: string, explanation?: Explanation, chainsPath?: string): Page => ({
  title: "Unknown here",
  section: "",
  twin: null,
  status: 404,
  watches: null,
  live: (site) =>
    html`<h1>Unknown here</h1>
      <p class="lead">Nothing that this relayer knows goes by <code>${untrustedText(id)}</code></p>
      ${
        explanation === undefined
          ? html`<p>
              It may belong to chains or light clients that this relayer does not serve, or not be final yet: a relayer
              reads only what its chain has finalized. Compare the id with where you have it from.
              ${chainsPath === undefined ? null : html`<a href=${site.href(chainsPath)}>Ask the chains themselves</a>`}
            </p>`
          : html`<p>${sentenceText(explanation.sentence)}</p>
              <ul class="advice">
                ${explanation.advice.map(({ who, what }) => html`<li><strong>${who}</strong> ${sentenceText(what)}</li>`)}
              </ul>`
      }`,
});

export const notFoundPage = (path: string): Page => ({
  title: "No such page",
  section: "",
  twin: null,
  status: 404,
  watches: null,
  live: (site) =>
    html`<h1>No such page</h1>
      <p class="lead">
        There is nothing at <code>${untrustedText(path)}</code>. <a href=${site.href("/")}>To the packets</a>
      </p>`,
});

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

const titleOf = (status: number): string => {
  if (status === 401 || status === 403) return "Not for everybody";
  if (status === 429) return "Too many requests";
  return status >= 400 && status < 500 ? "That cannot be asked" : "That did not work";
};

function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem)
    return {
      status: error.status === 0 ? 502 : error.status,
      code: error.code,
      message: error.message,
      hint: error.hint,
    };
  if (isCausewayError(error)) return { status: 503, code: error.code, message: error.message, hint: error.hint };
  return { status: 500, code: "UNEXPECTED", message: "see the relayer's log", hint: undefined };
}

export const problemPage = (error: unknown): Page => {
  const { status, code, message, hint } = problemOf(error);
  return {
    title: titleOf(status),
    section: "",
    twin: null,
    status,
    watches: null,
    live: () =>
      html`<h1>${titleOf(status)}</h1>
        <p class="lead">${untrustedText(message)}</p>
        <p class="note">${untrustedText(code)}${hint === undefined ? null : html`: ${untrustedText(hint)}`}</p>`,
  };
};
