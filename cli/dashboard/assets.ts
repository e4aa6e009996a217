import { CcsError } from "../../shared/index.ts";
import page from "./page/index.html";

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The page's files by the path they are asked for under, out of the program itself. @throws CcsError failed where it runs from its sources */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  if (page.files === undefined) {
    throw new CcsError("failed", "this ccs runs from its sources, and the page is made when it is built", {
      untouched: "Nothing was changed.",
      hint: "npm start --silent -- config",
    });
  }
  const assets = new Map<string, Asset>();
  for (const { path, loader, headers } of page.files) {
    const asset = { type: headers["content-type"], bytes: await Bun.file(path).bytes() };
    assets.set(loader === "html" ? "/" : `/${path.split(/[\\/]/).at(-1)}`, asset);
  }
  return assets;
}
