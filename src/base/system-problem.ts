/** Operating system error codes of files and ports, in words. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'the address is not one of this machine',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'there is something else by this name',
  EFBIG: 'it has reached the largest size that is allowed',
  EINVAL: 'the system does not allow it there',
  EIO: 'the disk has failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go round in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTFOUND: 'there is no machine by this name',
  ENXIO: 'nothing reads from it',
  EPERM: 'permission denied',
  EPIPE: 'nothing reads from it',
  EROFS: 'the disk is read-only',
  ETXTBSY: 'it is in use',
};

/** Why a file or a port could not be had, for the end of a sentence: `there is no such file`. */
export function systemProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : WORDS[code]) ?? message.split('\n')[0] ?? '';
}
