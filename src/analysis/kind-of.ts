/** The kind of object that a resource is of, its subresources included: the client's limiter has a bucket for each. */
export function kindOf(resource: string | undefined): string | undefined {
  const slash = resource?.indexOf('/') ?? -1;
  return slash < 0 ? resource : resource?.slice(0, slash);
}
