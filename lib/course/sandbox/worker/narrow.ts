/**
 * Takes away what a learner's function has no use for. The permissions that this process does not have are what
 * keeps it in; this closes side doors to modules that are loaded already, and to threads.
 */
export function narrow(): void {
  // A promise that was forgotten does not end the process: what counts is the answer.
  addEventListener("unhandledrejection", (event) => event.preventDefault());
  addEventListener("error", (event) => event.preventDefault());

  const gone: [object, PropertyKey][] = [
    ...["Worker", "caches", "localStorage", "sessionStorage"].map((
      name,
    ): [object, string] => [globalThis, name]),
    // Internal functions of Deno, which can load modules.
    ...Object.getOwnPropertySymbols(Deno).map((symbol): [object, symbol] => [Deno, symbol]),
    // A graphics card that is there can be used without asking.
    [Object.getPrototypeOf(navigator), "gpu"],
  ];
  for (const [object, name] of gone) Reflect.deleteProperty(object, name);

  // Node's process can load every module of Node; tfjs needs its clock.
  const { hrtime, versions } = process;
  Object.defineProperty(globalThis, "process", {
    value: Object.freeze({ hrtime, versions: Object.freeze({ ...versions }) }),
    writable: false,
    configurable: false,
  });
}
