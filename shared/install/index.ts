export { applyInstall, type Installed } from "./apply.ts";
export { type Around, type Goods, type InstallPreview, type Left, previewInstall } from "./preview.ts";
export { applyUninstall, previewUninstall, type Uninstalled, type UninstallPreview } from "./uninstall.ts";
