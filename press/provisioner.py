"""How jupyter_client gets a kernel: of this very Python, from the fork server if there is one."""

from __future__ import annotations

import os
import sys
from typing import Any, cast

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .kernels import ForkServer


class ThisPythonSpec(KernelSpecManager):
    """Knows one kernel: this interpreter, whatever kernels the user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification of this interpreter's kernel, under any name."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3", language="python",
        )


class ForkProvisioner(LocalProvisioner):
    """Starts kernels with a fork server."""

    fork_server: ForkServer

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel with the arguments of the command that would have started it."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1:]
        process = self.fork_server.fork(arguments, kwargs.get("cwd") or os.getcwd())
        # Not a Popen, but it has the methods that LocalProvisioner calls. Without the number of
        # its process or its group, no signal can go to another process.
        self.process = cast(Any, process)
        self.pid = self.pgid = None
        return self.connection_info


def use_fork_server(manager: KernelManager, fork_server: ForkServer) -> None:
    """Let a kernel manager start its kernel with the fork server."""
    provisioner = ForkProvisioner(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec,
                                  parent=manager)
    provisioner.fork_server = fork_server
    manager.provisioner = provisioner
