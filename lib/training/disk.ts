export * from "../disk.ts";
