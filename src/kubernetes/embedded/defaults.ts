import type { Resource } from '../resource.ts';
import { Namespaces, Pods, Secrets } from '../resource.ts';
import type { ApiObject, Container, Pod, PodSpec, Secret } from '../types.ts';

/** What the API server fills in when an object is created (observed on kube-apiserver 1.34). */
export function withDefaults(resource: Resource, object: ApiObject): ApiObject {
  if (resource === Pods) {
    const pod = object as Pod;
    return {
      ...pod,
      spec: defaultPodSpec(pod.spec),
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    } as ApiObject;
  }
  if (resource === Secrets) {
    return (object as Secret).type === undefined ? ({ ...object, type: 'Opaque' } as ApiObject) : object;
  }
  if (resource === Namespaces) return { ...object, status: { phase: 'Active' } } as ApiObject;
  return object;
}

const POD_SPEC_DEFAULTS = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
};

function defaultPodSpec(spec: PodSpec): PodSpec {
  const containers = spec.containers.map(defaultContainer);
  const { initContainers } = spec;
  return initContainers === undefined
    ? { ...POD_SPEC_DEFAULTS, ...spec, containers }
    : { ...POD_SPEC_DEFAULTS, ...spec, containers, initContainers: initContainers.map(defaultContainer) };
}

function defaultContainer(container: Container): Container {
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyFor(container.image ?? ''),
    ...container,
  };
}

/** Always for the tag `latest` or none, otherwise IfNotPresent. */
function pullPolicyFor(image: string): string {
  const nameAndTag = image.slice(image.lastIndexOf('/') + 1);
  if (nameAndTag.includes('@')) return 'IfNotPresent';
  const tag = nameAndTag.split(':')[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
