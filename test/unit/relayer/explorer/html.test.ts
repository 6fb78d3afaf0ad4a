import { renderToString } from "preact-render-to-string";
import { expect, test } from "vitest";
import { html } from "#relayer/explorer/html.ts";

/** As a template with these strings and values, whatever a formatter would make of it. */
const shown = (strings: string[], ...values: unknown[]): string =>
  renderToString(html(Object.assign(strings, { raw: strings }), ...values));

test("a line break between two things is a space", () => {
  expect(shown(["<p>one\n  ", "\n  <b>two</b>\n  three</p>"], "and")).toBe("<p>one and <b>two</b> three</p>");
});

test("lines around a template are no part of it, a space on its line is", () => {
  expect(shown(["\n  <p>a</p>\n"])).toBe("<p>a</p>");
  expect(shown(["<p>a", "</p>"], html` b`)).toBe("<p>a b</p>");
});

test("one template is one thing, however often it is used", () => {
  const row = (value: string) => html`<li title=${value}>${value}</li>`;
  expect(shown(["<ul>", "</ul>"], ["a", "b"].map(row))).toBe('<ul><li title="a">a</li><li title="b">b</li></ul>');
});
