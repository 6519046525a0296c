// Takes digests of files beside the page, so that it stays quick. Works without WebCrypto, which a page
// over plain HTTP does not have.
import { Blake3, Sha256 } from 'package-digests';

/** Bytes read at once. */
const PIECE = 4 * 1024 * 1024;
/** Bytes at the beginning and at the end by which a file is known again. */
const EDGE = 1024 * 1024;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const read = async (part: Blob) => new Uint8Array(await part.arrayBuffer());

/** What tells a file from another of the same size, before it is read as a whole. */
async function fingerprint(file: File): Promise<string> {
  const running = new Sha256();
  running.update(new TextEncoder().encode(`${file.size}\n`));
  running.update(await read(file.slice(0, EDGE)));
  running.update(await read(file.slice(Math.max(0, file.size - EDGE))));
  return hex(running.finish());
}

async function whole(file: File): Promise<string> {
  const running = new Blake3();
  for (let at = 0; at < file.size; at += PIECE) {
    running.update(await read(file.slice(at, at + PIECE)));
    postMessage({ read: Math.min(at + PIECE, file.size) });
  }
  return hex(running.finish());
}

onmessage = async ({ data }: MessageEvent<{ file: File; what: 'fingerprint' | 'whole' }>) => {
  try {
    postMessage({ digest: await (data.what === 'whole' ? whole(data.file) : fingerprint(data.file)) });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
