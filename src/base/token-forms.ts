/**
 * What tokens begin with, so that nothing else looks like one: the forms that services document so that leaked ones are
 * found. Each is followed by at least ten more characters.
 */
const ANYWHERE = 'gh[pousr]_|github_pat_|glpat-|npm_|dckr_(?:pat|oat)_|hvs\\.|xox[abeoprs]-|xapp-|LS0tLS1CRUdJTi';

/** Those that a word could end with. */
const NOT_IN_A_WORD = [
  // GitLab, registries and package indexes.
  'gl(?:rt|rtr|cbt|dt|ptt|ft|soat|agent|imt|oas|ffct)-|pypi-AgE|rubygems_|oy2[a-z0-9]{20}',
  // Vaults, clouds and what builds on them.
  'hvb\\.|AIza|ya29\\.|GOCSPX-|do[opr]_v1_|dapi[0-9a-f]{20}|pul-[0-9a-f]{20}|tskey-|dp\\.(?:pt|st|ct|sa)\\.|AGE-SECRET-KEY-1',
  // Mail and trackers.
  'SG\\.|ATATT3x|ATCTT3x|ATBB|lin_api_|ntn_|key-[0-9a-f]{20}|figd_|PMAK-',
  // Models, payments and shops.
  'hf_|sk-(?:proj|ant|svcacct|admin|or)-|[sr]k_(?:live|test)_|whsec_|shp(?:at|ca|pa|ss)_|sq0(?:atp|csp)-',
  // Monitoring.
  'glsa_|glc_|NRAK-|sntry[su]_|dt0c01\\.',
].join('|');

const BEFORE = '(?<=^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\\\[nrt])';

export const TOKEN_OF_A_SERVICE = new RegExp(`(?:${ANYWHERE}|${BEFORE}(?:${NOT_IN_A_WORD}))[\\w.+/=-]{10,}`, 'g');

/** The id of a key of AWS. */
export const AWS_KEY_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{12,}/g;

/** Addresses whose path is all that it takes to post there; `$1` is what may be seen. */
export const WEBHOOK =
  /(\/\/(?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)|[\w.-]*webhook\.office\.com\/webhookb2|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org)\/)[^\s"'\\<>)]+/gi;
