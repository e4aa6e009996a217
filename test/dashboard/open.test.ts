import { describe, expect, test } from "bun:test";
import { showingOf, startBrowser } from "../../cli/dashboard/open.ts";

const URL_ = "http://127.0.0.1:4242/#token=t";
const all = () => true;

describe("how the dashboard is shown to a person", () => {
  test("in the browser of the system, by the program that knows it", () => {
    expect(showingOf(URL_, {}, "darwin", all)).toEqual({ by: "browser", command: ["open", URL_] });
    expect(showingOf(URL_, { DISPLAY: ":0" }, "linux", all)).toEqual({ by: "browser", command: ["xdg-open", URL_] });
    expect(showingOf(URL_, { WAYLAND_DISPLAY: "wayland-0" }, "linux", all)).toEqual({ by: "browser", command: ["xdg-open", URL_] });
    expect(showingOf(URL_, {}, "win32", all)).toEqual({ by: "browser", command: ["cmd", "/c", "start", '""', URL_] });
  });

  test("not at all without a screen, or without a program that could", () => {
    expect(showingOf(URL_, {}, "linux", all)).toEqual({ by: "nothing" });
    expect(showingOf(URL_, { DISPLAY: ":0" }, "linux", () => false)).toEqual({ by: "nothing" });
  });

  test("over SSH, on the person's own machine: by the line that forwards the port, also where there is a screen", () => {
    const showing = showingOf(URL_, { SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22", DISPLAY: ":10" }, "linux", all);
    expect(showing).toEqual({ by: "forwarding", line: expect.stringMatching(/^ssh -L 4242:127\.0\.0\.1:4242 \S+@\S+$/) });
  });

  test("a program that is not there, or fails, is told and nothing else", async () => {
    expect(await startBrowser(["/nowhere/xdg-open", URL_])).toBe(false);
    expect(await startBrowser(["false"])).toBe(false);
    expect(await startBrowser(["true"])).toBe(true);
  });
});
