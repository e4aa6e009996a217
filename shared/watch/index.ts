export { type Following, followHome } from "./follow.ts";
