from http.client import HTTPConnection, HTTPException

from common.runtime.options import Options


def answer_of(options: Options) -> tuple[int, str]:
    """What /readyz says: status and text, or 0 and the reason why nothing was said."""
    connection = HTTPConnection(options.local_address, options.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": accepted_host(options)})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def accepted_host(options: Options) -> str:
    """A name that Django serves, where ALLOWED_HOSTS leaves this machine out."""
    first = options.hosts.split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "localhost"
