import { render } from "preact";
import { App } from "./app.tsx";
import { NotSignedIn } from "./parts/not-signed-in.tsx";
import { bearer, signIn } from "./session.ts";

const root = document.getElementById("app");
if (root !== null) {
  const failed = await signIn().catch(() => "the server does not answer");
  render(bearer() === null ? <NotSignedIn why={failed} /> : <App />, root);
}
