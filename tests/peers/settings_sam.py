"""The AWS SAM CLI's own code for its settings: `write true` or `write false` as its first start does, `read` as each later one.

Only this part of it is started, for the whole of it needs a hundred packages. The home directory is the one of the environment.
"""

import json
import sys

from samcli.cli.global_config import GlobalConfig

if sys.argv[1] == "write":
    GlobalConfig().telemetry_enabled = json.loads(sys.argv[2])
print(json.dumps(GlobalConfig().telemetry_enabled))
