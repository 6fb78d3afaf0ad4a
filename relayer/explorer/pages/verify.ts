// A page to judge any bundle in, wherever it came from.
import { html } from "../html.ts";
import { verifyPanel } from "../components/verify-panel.ts";
import type { LoadPage } from "../page.ts";

export const loadVerify: LoadPage = async () => ({
  title: "Verify a bundle",
  section: "/verify",
  twin: null,
  watches: null,
  live: () =>
    html`<h1>Verify a bundle</h1>
      <p class="lead">
        A bundle holds one packet's evidence. It does not matter where you have it from: nothing leaves this page.
      </p>`,
  fixed: () => verifyPanel(),
});
