import { createSign } from 'node:crypto';

/** What the GitHub secret holds: a personal access token or the key of a GitHub App. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly appId: string; readonly installationId: number; readonly privateKey: string };

/**
 * Reads the secret's values (base64, as the API serves them).
 * @throws Error that names the missing keys, never a value
 */
export function credentialsFrom(data: Readonly<Record<string, string>> | undefined): Credentials {
  const value = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  const token = value('github_token');
  const appId = value('github_app_id');
  const installationId = value('github_app_installation_id');
  const privateKey = value('github_app_private_key');
  const hasApp = appId !== '' || installationId !== '' || privateKey !== '';
  if (token !== '') return { kind: 'token', token };
  if (!hasApp) {
    throw new Error('the GitHub secret holds neither github_token nor the three github_app_… keys; add one of them');
  }
  if (appId === '' || installationId === '' || privateKey === '') {
    throw new Error(
      'the GitHub secret needs github_app_id, github_app_installation_id and github_app_private_key together',
    );
  }
  if (!/^\d+$/.test(installationId)) throw new Error('github_app_installation_id in the GitHub secret is not a number');
  return { kind: 'app', appId, installationId: Number(installationId), privateKey };
}

/** A GitHub App's JWT: RS256, issued a minute in the past for clock skew, valid 9 minutes. */
export function appJwt(appId: string, privateKey: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000) - 60;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: issued, exp: issued + 540, iss: appId })}`;
  let signature: Buffer;
  try {
    signature = createSign('RSA-SHA256').update(unsigned).sign(privateKey);
  } catch {
    throw new Error('github_app_private_key in the GitHub secret is not a PEM private key');
  }
  return `${unsigned}.${signature.toString('base64url')}`;
}

/** Expiry of a JWT in milliseconds since 1970. The signature is the service's business. */
export function jwtExpiryMs(token: string): number {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    if (typeof payload.exp === 'number') return payload.exp * 1000;
  } catch {
    // Told below.
  }
  throw new Error('the Actions service gave an admin token whose expiry cannot be read');
}
