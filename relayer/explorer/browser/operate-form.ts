// Sends an operator's form without leaving the page; the token stays in this tab.
import { visibleText } from "../components/untrusted-text.ts";
import { acts, apiCallOf, saidOf } from "../operate.ts";
import { rememberedHere } from "./remembered.ts";

export function fillTokens(root: ParentNode): void {
  const token = rememberedHere.get("token");
  if (token === undefined) return;
  for (const input of root.querySelectorAll<HTMLInputElement>("form[data-operate] input[name=token]"))
    input.value = token;
}

export async function operate(form: HTMLFormElement, api: string): Promise<void> {
  const fields = new FormData(form);
  const field = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const act = acts.find((one) => one === field("act"));
  const [id, token] = [field("id"), field("token")];
  const result = form.querySelector("[data-result]");
  if (act === undefined || id === undefined || token === undefined || result === null) return;
  const say = (text: string): void => {
    result.textContent = visibleText(text);
  };
  say("…");
  const { path, body } = apiCallOf(act, id, field("because"));
  const response = await fetch(`${api}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response === undefined) return say("The API does not answer.");
  if (response.ok) rememberedHere.set("token", token);
  if (response.status === 401 || response.status === 403) rememberedHere.set("token", undefined);
  const { done, said } = saidOf(act, response.status, await response.json().catch(() => undefined));
  return say(done ? said : `Not done: ${said}`);
}
