import { KINDS } from './kinds.ts';
import type { Check } from './runner.ts';
import { get, post, put } from './steps.ts';

/** What `kubectl get -o yaml` prints carries what the server has set; sent again, the server sets it itself. */
export const PRINTED_CHECKS: readonly Check[] = KINDS.map(({ name, path, object, status = {} }) => {
  const printed = {
    ...object,
    metadata: {
      ...object.metadata,
      creationTimestamp: '2020-01-01T00:00:00Z',
      generation: 7,
      uid: '00000000-0000-4000-a000-000000000000',
      selfLink: '/old',
      managedFields: [
        {
          manager: 'kubectl',
          operation: 'Update',
          apiVersion: object['apiVersion'],
          fieldsType: 'FieldsV1',
          fieldsV1: {},
        },
      ],
    },
    status,
  };
  const withStatus = Object.keys(status).length > 0 ? printed : { ...printed, status: undefined };
  return {
    name: `${name}: what was printed is created and replaced`,
    steps: [
      post(path, { ...withStatus, metadata: { ...printed.metadata, resourceVersion: '7' } }, { anyMessage: true }),
      post(path, withStatus, { keep: 'one' }),
      get(`${path}/one`),
      put(`${path}/one`, {
        ...withStatus,
        metadata: { ...printed.metadata, uid: '{uid:one}', resourceVersion: '{version:one}' },
      }),
      // The real server's words name the key in its storage.
      put(`${path}/one`, withStatus, { anyMessage: true }),
    ],
  };
});
