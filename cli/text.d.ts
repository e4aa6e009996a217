/** The manual page, as text: `import page from "../docs/ccs.1" with { type: "text" }`. */
declare module "*.1" {
  const text: string;
  export default text;
}
