/** The little XML that the protocol of object storage needs. Pure. */

/** An element tree: a text, a list of elements of one name, or elements by name. */
type Content = string | number | boolean | { readonly [name: string]: Content | readonly Content[] | undefined };

/** A document with the provider's name space. */
export function xmlOf(root: string, content: Content): string {
  const inside = elements(content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${root}>`;
}

/** A refusal; it has no name space. */
export function xmlError(code: string, message: string, resource: string, requestId: string): string {
  const content = { Code: code, Message: message, Resource: resource, RequestId: requestId };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements(content)}</Error>`;
}

function elements(content: Content): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .filter((entry): entry is [string, Content | readonly Content[]] => entry[1] !== undefined)
    .flatMap(([name, value]) => (isList(value) ? value : [value]).map((one) => `<${name}>${elements(one)}</${name}>`))
    .join('');
}

function isList(value: Content | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The parts that the end of a multipart upload names, in their order; undefined when it is not understood. */
export function partsIn(xml: string): { readonly number: number; readonly etag: string }[] | undefined {
  const parts = [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, inside = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(inside)?.[1]),
    etag: (/<ETag>([\s\S]*?)<\/ETag>/.exec(inside)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('"', '').trim(),
  }));
  const understood = parts.length > 0 && parts.every(({ number, etag }) => Number.isInteger(number) && etag !== '');
  return understood ? parts : undefined;
}
