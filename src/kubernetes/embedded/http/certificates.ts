import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
const YEAR_MS = 365 * 24 * 3_600_000;

/** The certificate authority that clients trust. It outlives the certificates that it signs, so that a kubeconfig stays valid for years. */
export async function makeAuthority(): Promise<KeyPair> {
  return pairOf(
    await generate([{ name: 'commonName', value: 'arc-lab authority' }], {
      ...EC,
      notAfterDate: new Date(Date.now() + 10 * YEAR_MS),
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
      ],
    }),
  );
}

/** For one run of a server on this machine's loopback addresses. */
export async function makeServingCertificate({ certificate, key }: KeyPair): Promise<KeyPair> {
  return pairOf(
    await generate([{ name: 'commonName', value: 'arc-lab' }], {
      ...EC,
      ca: { cert: certificate, key },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    }),
  );
}

function pairOf(made: { cert: string; private: string }): KeyPair {
  return { certificate: new X509Certificate(made.cert).toString(), key: made.private };
}
