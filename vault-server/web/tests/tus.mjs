// Uploads a file with tus-js-client, in parts side by side: node tus.mjs ADDRESS FILE TOKEN_FILE PARTS. Prints each offset
// that the service says when it is gone on, then the address of the whole.
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Upload } from 'tus-js-client';

const [address, path, tokenFile, parts] = process.argv.slice(2);
const upload = new Upload(createReadStream(path), {
  endpoint: address,
  parallelUploads: Number(parts),
  chunkSize: 6 * 1024 * 1024,
  headers: { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` },
  metadata: { filename: basename(path) },
  retryDelays: Array(40).fill(500),
  onAfterResponse: (request, response) => {
    const offset = response.getHeader('Upload-Offset');
    if (request.getMethod() === 'HEAD' && offset) console.log(`from ${offset}`);
    const recording = response.getHeader('Upload-Recording');
    if (recording) console.log(`recording ${recording}`);
  },
  onShouldRetry: (error) => (error.originalResponse?.getStatus() ?? 0) !== 401,
  onSuccess: () => console.log(`whole ${upload.url}`),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
});
upload.start();
