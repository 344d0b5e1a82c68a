/**
 * Stands in for the package `whatwg-url` in the bundle of bots: the HTTP client of grammY wants its `URL` only where the
 * platform has none, and the package's tables cost each process about ten megabytes.
 */
export const { URL, URLSearchParams } = globalThis;
