/**
 * The fields of ARC's kinds in the notation of types.ts, those of all releases together. Custom resources have no numbers
 * on the wire. A `Raw` field is open: anything may be in it.
 */
export const ARC_TYPES: Readonly<Record<string, string>> = {
  EphemeralRunner: 'metadata 1 ObjectMeta; spec 2 EphemeralRunnerSpec; status 3 EphemeralRunnerStatus',
  EphemeralRunnerSpec:
    'githubConfigUrl 1 string; githubConfigSecret 2 string; githubServerTLS 3 GitHubServerTLS; runnerScaleSetId 4 int64; proxy 5 ProxyConfig; proxySecretRef 6 string; vaultConfig 7 Raw; ephemeralRunnerConfigSecretMetadata 8 ResourceMeta; metadata 9 EmbeddedMeta; spec 10 PodSpec',
  EphemeralRunnerStatus:
    'ready 1 bool; phase 2 string; reason 3 string; message 4 string; runnerId 5 int64; runnerName 6 string; runnerJITConfig 7 string; failures 8 map.Raw; jobRequestId 9 int64; jobId 10 string; jobRepositoryName 11 string; jobWorkflowRef 12 string; workflowRunId 13 int64; jobDisplayName 14 string',
  EphemeralRunnerSet: 'metadata 1 ObjectMeta; spec 2 EphemeralRunnerSetSpec; status 3 EphemeralRunnerSetStatus',
  EphemeralRunnerSetSpec:
    'replicas 1 int64; patchID 2 int64; ephemeralRunnerSpec 3 EphemeralRunnerSpec; ephemeralRunnerMetadata 4 ResourceMeta',
  EphemeralRunnerSetStatus:
    'currentReplicas 1 int64; pendingEphemeralRunners 2 int64; runningEphemeralRunners 3 int64; failedEphemeralRunners 4 int64; phase 5 string',
  AutoscalingRunnerSet: 'metadata 1 ObjectMeta; spec 2 AutoscalingRunnerSetSpec; status 3 AutoscalingRunnerSetStatus',
  AutoscalingRunnerSetSpec:
    'githubConfigUrl 1 string; githubConfigSecret 2 string; runnerGroup 3 string; runnerScaleSetName 4 string; runnerScaleSetLabels 5 string[]; proxy 6 ProxyConfig; githubServerTLS 7 GitHubServerTLS; vaultConfig 8 Raw; template 9 PodTemplate; listenerTemplate 10 PodTemplate; listenerMetrics 11 Raw; maxRunners 12 int64; minRunners 13 int64; autoscalingListener 14 ResourceMeta; listenerServiceAccountMetadata 15 ResourceMeta; listenerRoleMetadata 16 ResourceMeta; listenerRoleBindingMetadata 17 ResourceMeta; listenerConfigSecretMetadata 18 ResourceMeta; ephemeralRunnerSetMetadata 19 ResourceMeta; ephemeralRunnerMetadata 20 ResourceMeta; ephemeralRunnerConfigSecretMetadata 21 ResourceMeta',
  AutoscalingRunnerSetStatus:
    'currentRunners 1 int64; state 2 string; phase 3 string; pendingEphemeralRunners 4 int64; runningEphemeralRunners 5 int64; failedEphemeralRunners 6 int64',
  AutoscalingListener: 'metadata 1 ObjectMeta; spec 2 AutoscalingListenerSpec; status 3 Raw',
  AutoscalingListenerSpec:
    'githubConfigUrl 1 string; githubConfigSecret 2 string; vaultConfig 3 Raw; runnerScaleSetId 4 int64; autoscalingRunnerSetNamespace 5 string; autoscalingRunnerSetName 6 string; ephemeralRunnerSetName 7 string; maxRunners 8 int64; minRunners 9 int64; image 10 string; imagePullSecrets 11 LocalObjectReference[]; proxy 12 ProxyConfig; githubServerTLS 13 GitHubServerTLS; metrics 14 Raw; template 15 PodTemplate; serviceAccountMetadata 16 ResourceMeta; roleMetadata 17 ResourceMeta; roleBindingMetadata 18 ResourceMeta; configSecretMetadata 19 ResourceMeta',
  CustomResourceDefinition: 'metadata 1 ObjectMeta; spec 2 Raw; status 3 Raw',
  PodTemplate: 'metadata 1 EmbeddedMeta; spec 2 PodSpec',
  EmbeddedMeta:
    'annotations 1 map.string; finalizers 2 string[]; labels 3 map.string; name 4 string; namespace 5 string',
  ResourceMeta: 'labels 1 map.string; annotations 2 map.string',
  ProxyConfig: 'http 1 ProxyServer; https 2 ProxyServer; noProxy 3 string[]',
  ProxyServer: 'url 1 string; credentialSecretRef 2 string',
  GitHubServerTLS: 'certificateFrom 1 CertificateSource',
  CertificateSource: 'configMapKeyRef 1 ConfigMapKeySelector',
};
