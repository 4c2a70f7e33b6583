/** What a runner's githubConfigUrl names, and where the API for it is. */
export interface GitHubConfig {
  readonly scope: 'enterprise' | 'organization' | 'repository';
  readonly enterprise?: string;
  /** The owner, of a repository. */
  readonly organization?: string;
  readonly repository?: string;
  /** Path of the registration token call under the API's root. */
  readonly registrationTokenPath: string;
  /** Root of the GitHub REST API, without a trailing slash. */
  readonly apiUrl: string;
  /** The URL as given, which runner-registration repeats. */
  readonly url: string;
}

/**
 * Reads a config URL: one path part is an organization, two are a repository, `enterprises/<name>` is an enterprise.
 * GitHub's own hosts have their API on `api.<host>`, servers under `/api/v3`.
 * @throws Error for anything else, with the sentence that upstream's users know
 */
export function parseConfigUrl(text: string): GitHubConfig {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new Error(`the githubConfigUrl is not a URL: ${JSON.stringify(text)}`);
  }
  const parts = url.pathname.replace(/^\/+|\/+$/g, '').split('/');
  const apiUrl = apiRoot(url);
  const config = (
    scope: GitHubConfig['scope'],
    path: string,
    names: Pick<GitHubConfig, 'enterprise' | 'organization' | 'repository'>,
  ): GitHubConfig => ({
    scope,
    ...names,
    registrationTokenPath: `/${path}/actions/runners/registration-token`,
    apiUrl,
    url: text.trim(),
  });
  const [first = '', second = ''] = parts;
  if (parts.length === 1 && first !== '') return config('organization', `orgs/${first}`, { organization: first });
  if (parts.length === 2 && first === 'enterprises') {
    return config('enterprise', `enterprises/${second}`, { enterprise: second });
  }
  if (parts.length === 2) {
    return config('repository', `repos/${first}/${second}`, { organization: first, repository: second });
  }
  throw new Error(
    `${JSON.stringify(text)}: invalid config URL, should point to an enterprise, org, or repository; ` +
      'correct spec.githubConfigUrl of the runner set',
  );
}

function apiRoot(url: URL): string {
  const host = url.host.toLowerCase();
  const hosted =
    ['github.com', 'www.github.com', 'github.localhost'].includes(url.hostname) || host.endsWith('.ghe.com');
  if (!hosted) return `${url.protocol}//${url.host}/api/v3`;
  return `${url.protocol}//api.${host.replace(/^www\./, '')}`;
}
