/** What is used of @resvg/resvg-wasm, whose own types Node's resolution does not find behind its list of exports. */
declare module '@resvg/resvg-wasm' {
  export function initWasm(wasm: BufferSource): Promise<void>;
  export class Resvg {
    constructor(
      svg: string,
      options: {
        readonly font: {
          readonly fontBuffers: readonly Uint8Array[];
          readonly loadSystemFonts: boolean;
          readonly defaultFontFamily: string;
        };
        readonly fitTo?: { readonly mode: 'zoom'; readonly value: number };
      },
    );
    render(): { asPng(): Uint8Array; free(): void };
    free(): void;
  }
}
