/** Methods that send and fetch files: uploads, file ids and HTTP addresses. */
import { badRequest, tooLarge } from '../api-error.ts';
import { documentOf, type FileInfo, type FileKind, type NewFile, photoSizesOf, voiceOf } from '../files.ts';
import { imageSize } from '../image-size.ts';
import type { MessageContent } from '../types.ts';
import type { World } from '../world.ts';
import type { Call, Method, MethodTable } from './call.ts';
import { readCaption, send } from './compose.ts';
import { asObject, Params, type Upload } from './params.ts';
import { writableChat } from './target.ts';

const MB = 1_000_000;
const MAX_UPLOAD = 50 * MB;
const MAX_DOWNLOAD = 20 * 1024 * 1024;
const MAX_PHOTO = 10 * 1024 * 1024;
const URL_LIMIT: Readonly<Record<FileKind, number>> = { photo: 5 * MB, voice: 20 * MB, document: 20 * MB };
/** ms */
const DOWNLOAD_TIMEOUT = 20_000;
const MAX_SIDES = 10_000;
const MAX_RATIO = 20;

function storeUpload(call: Call, kind: FileKind, upload: Upload): FileInfo {
  const { bytes } = upload;
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (bytes.length > MAX_UPLOAD) throw tooLarge();
  const base: NewFile = {
    kind,
    bytes,
    name: upload.fileName === '' ? undefined : upload.fileName,
    mimeType: upload.mimeType,
  };
  if (kind === 'photo') return call.world.files.add(call.bot.id, { ...base, ...checkedPhoto(bytes) });
  const duration = kind === 'voice' ? call.params.int('duration', 0) : undefined;
  return call.world.files.add(call.bot.id, { ...base, duration });
}

function checkedPhoto(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  if (bytes.length > MAX_PHOTO) {
    throw badRequest(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${MAX_PHOTO} bytes`,
    );
  }
  const size = imageSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  if (width + height > MAX_SIDES || Math.max(width, height) > MAX_RATIO * Math.min(width, height)) {
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
  }
  return size;
}

async function download(world: World, kind: FileKind, url: string): Promise<Upload> {
  if (!URL.canParse(url)) throw badRequest('wrong HTTP URL specified');
  const signal = AbortSignal.timeout(DOWNLOAD_TIMEOUT);
  const response = await world.fetch(url, { signal }).catch(() => undefined);
  if (!response?.ok) throw badRequest('failed to get HTTP URL content');
  const mimeType = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (kind === 'photo' && !mimeType.startsWith('image/')) throw badRequest('wrong type of the web page content');
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > URL_LIMIT[kind]) throw badRequest('failed to get HTTP URL content');
  return { fileName: new URL(url).pathname.split('/').at(-1) ?? '', mimeType, bytes };
}

async function fileOf(call: Call, kind: FileKind): Promise<FileInfo> {
  const upload = call.params.upload(kind);
  if (upload) return storeUpload(call, kind, upload);
  const given = call.params.text(kind);
  if (given === '') throw badRequest(`there is no ${kind} in the request`);
  if (/^https?:\/\//i.test(given)) return storeUpload(call, kind, await download(call.world, kind, given));
  const known = call.world.files.find(call.bot.id, given);
  if (!known) throw badRequest('wrong remote file identifier specified: Wrong string length');
  if (known.kind !== kind && kind !== 'document') {
    throw badRequest(`can't use file of type ${titleOf(known.kind)} as ${titleOf(kind)}`);
  }
  return known;
}

function titleOf(kind: FileKind): string {
  return { photo: 'Photo', voice: 'VoiceNote', document: 'Document' }[kind];
}

/** A file as the content of a message. */
export function contentOfFile(info: FileInfo, kind: FileKind = info.kind): MessageContent {
  if (kind === 'photo') return { photo: photoSizesOf(info) };
  return kind === 'voice' ? { voice: voiceOf(info) } : { document: documentOf(info) };
}

function sender(kind: FileKind): Method {
  return async (call) => {
    const target = writableChat(call);
    const caption = readCaption(call.params);
    const file = await fileOf(call, kind);
    return send(call, target, { ...contentOfFile(file, kind), ...caption }).message;
  };
}

async function sendMediaGroup(call: Call): Promise<unknown> {
  const { params, world } = call;
  const media = params.json('media', "can't parse media JSON object");
  if (!Array.isArray(media) || media.length < 1 || media.length > 10) {
    throw badRequest('wrong number of messages to send as an album specified');
  }
  const target = writableChat(call);
  const group = `${world.clock.now()}${target.dialog.revision}`;
  const contents: MessageContent[] = [];
  for (const item of media) {
    const one = asObject(item);
    const kind = one?.['type'];
    if (!one || (kind !== 'photo' && kind !== 'document'))
      throw badRequest(`type "${String(kind)}" can't be used in an album`);
    const itemParams = new ItemParams(one, kind, params);
    const file = await fileOf({ ...call, params: itemParams }, kind);
    contents.push({ ...contentOfFile(file, kind), ...readCaption(itemParams), media_group_id: group });
  }
  return contents.map((content) => send(call, target, content, { markup: { kind: 'none' } }).message);
}

/** One item of an album: its own fields, and the parts of the whole upload. */
class ItemParams extends Params {
  readonly #whole: Params;

  constructor(item: Readonly<Record<string, unknown>>, kind: string, whole: Params) {
    super({ ...item, [kind]: item['media'] });
    this.#whole = whole;
  }

  override upload(name: string): Upload | undefined {
    const part = /^attach:\/\/(.+)$/.exec(this.text(name))?.[1];
    return part === undefined ? undefined : this.#whole.part(part);
  }
}

function getFile(call: Call): unknown {
  const fileId = call.params.text('file_id');
  if (fileId === '') throw badRequest('file_id not specified');
  const info = call.world.files.find(call.bot.id, fileId);
  if (!info) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (info.size > MAX_DOWNLOAD) throw badRequest('file is too big');
  return { file_id: info.fileId, file_unique_id: info.uniqueId, file_size: info.size, file_path: info.path };
}

/** The methods of this file. */
export const mediaMethods: MethodTable = {
  sendphoto: sender('photo'),
  sendvoice: sender('voice'),
  senddocument: sender('document'),
  sendmediagroup: sendMediaGroup,
  getfile: getFile,
};
