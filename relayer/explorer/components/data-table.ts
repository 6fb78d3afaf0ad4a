// A table that becomes a list of cards on narrow screens. Roles are said aloud because changed display loses them.
import { html } from "../html.ts";
import type { VNode } from "preact";

export interface Column<Row> {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
  show(row: Row): unknown;
}

export interface DataTable<Row> {
  /** Says what it lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  key(row: Row): string;
  /** Said instead of an empty table. */
  readonly empty: string;
}

export function dataTable<Row>(table: DataTable<Row>): VNode {
  const { caption, columns, rows, empty } = table;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const kind = ({ numeric = false }: Column<Row>): string | undefined => (numeric ? "numeric" : undefined);
  return html`<table class="data" role="table">
    <caption class="visually-hidden">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => html`<th role="columnheader" scope="col" class=${kind(column)}>${column.name}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row" key=${table.key(row)}>
            ${columns.map(
              (column) =>
                html`<td role="cell" class=${kind(column)} data-name=${column.name}>
                  <div>${column.show(row)}</div>
                </td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
