// The digests of vault-core/package/digests.js, which the offline verifier uses as well.
declare module 'package-digests' {
  class Digest {
    update(piece: Uint8Array): void;
    finish(): Uint8Array;
  }
  export class Blake3 extends Digest {}
  export class Sha256 extends Digest {}
}
