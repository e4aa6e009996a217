import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { type Browser, openBrowser } from "./browser.ts";

const PAGE = `<!doctype html><meta http-equiv="content-security-policy" content="default-src 'none'; connect-src *">
<h1>Here</h1><script>document.title = "ran"</script>`;

let browser: Browser;
let server: Bun.Server<undefined>;
beforeAll(async () => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, self) {
      if (request.headers.get("upgrade") === "websocket") return self.upgrade(request) ? undefined : new Response("no", { status: 400 });
      return new Response(PAGE, { headers: { "content-type": "text/html" } });
    },
    websocket: { message: () => undefined },
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.stop(true);
});

test("a page of this machine is shown, and what it asks elsewhere goes nowhere and is remembered", async () => {
  const page = await browser.page();
  await page.goto(`http://127.0.0.1:${server.port}/`);
  expect(await page.textContent("h1")).toBe("Here");
  expect(browser.strangers()).toEqual([]);

  const outcome = await page.evaluate(async (here) => {
    const fetched = await fetch("http://elsewhere.example/a").then(
      () => "answered",
      () => "nothing",
    );
    const socket = (address: string) =>
      new Promise<string>((done) => {
        const opened = new WebSocket(address);
        opened.onopen = () => done("open");
        opened.onerror = () => done("nothing");
      });
    return [fetched, await socket("ws://elsewhere.example/b"), await socket(here)];
  }, `ws://127.0.0.1:${server.port}/c`);
  expect(outcome).toEqual(["nothing", "nothing", "open"]);
  expect(browser.strangers()).toEqual(["http://elsewhere.example/a", "ws://elsewhere.example/b"]);
  expect(browser.asked).toContain(`ws://127.0.0.1:${server.port}/c`);
});

test("a script that the page's policy stops is seen, and so is what nobody caught", async () => {
  const page = await browser.page();
  await page.goto(`http://127.0.0.1:${server.port}/`);
  expect(await page.title()).toBe("");
  expect(browser.violations().join("\n")).toContain("script");
  const thrown = page.waitForEvent("pageerror");
  await page.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error("of nobody");
      }),
  );
  await thrown;
  expect(browser.said).toContain("uncaught: of nobody");
});

test("a picture lies where it says", async () => {
  const page = await browser.page({ colorScheme: "dark" });
  await page.goto(`http://127.0.0.1:${server.port}/`);
  expect(existsSync(await browser.picture(page, "support/a-page"))).toBe(true);
});
