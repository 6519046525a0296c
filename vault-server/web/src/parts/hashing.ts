// Digests of files, taken beside the page.
export interface Hashing {
  digest: Promise<string>;
  stop: () => void;
}

/** BLAKE3 of a file, or what it is known again by. Fails where the file can no longer be read. */
export function hash(file: File, what: 'fingerprint' | 'whole', onRead?: (bytes: number) => void): Hashing {
  const worker = new Worker(new URL('./hashing.worker.ts', import.meta.url), { type: 'module' });
  const digest = new Promise<string>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ read?: number; digest?: string; failed?: string }>) => {
      if (data.read !== undefined) onRead?.(data.read);
      if (data.digest) resolve(data.digest);
      if (data.failed) reject(new Error(data.failed));
    };
    worker.onerror = () => reject(new Error('worker'));
    worker.postMessage({ file, what });
  }).finally(() => worker.terminate());
  return { digest, stop: () => worker.terminate() };
}
