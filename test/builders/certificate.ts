import { generate } from 'selfsigned';

/** A certificate of a server of the tests' own on the loopback, and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export async function makeCertificate(commonName: string): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { cert, key };
}
