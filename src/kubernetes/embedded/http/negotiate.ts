import { ApiError } from '../../api-error.ts';

/** In which form a client wants its answer. */
export interface Form {
  readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';
  readonly version: string;
}

const ACCEPTED = ['application/json'];

/**
 * The first form in the Accept header that is served.
 * @param forms what may be asked for with `as=`
 * @throws ApiError 406 when the client takes none
 */
export function formOf(accept: string | undefined, forms: readonly Form['as'][]): Form {
  if (accept === undefined || accept.trim() === '') return { as: 'object', version: '' };
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const values = new Map(parameters.map((text) => text.split('=', 2) as [string, string]));
    const as = values.get('as');
    if (as === undefined) return { as: 'object', version: '' };
    const form = forms.find((name) => name === as);
    const version = values.get('v') ?? '';
    if (form !== undefined && VERSIONS[form]?.includes(version) === true) return { as: form, version };
  }
  const message = `only the following media types are accepted: ${ACCEPTED.join(', ')}`;
  throw new ApiError(406, 'NotAcceptable', message, {});
}

const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  Table: ['v1', 'v1beta1'],
  PartialObjectMetadata: ['v1', 'v1beta1'],
  PartialObjectMetadataList: ['v1', 'v1beta1'],
  APIGroupDiscoveryList: ['v2', 'v2beta1'],
};
