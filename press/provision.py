"""Where jupyter_client gets a kernel: of this very Python, from the nursery if there is one."""

from __future__ import annotations

import os
import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner

from .kernels import Nursery


class ThisPython(KernelSpecManager):
    """Knows one kernel: this interpreter, whatever a user's own kernel specs say."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3", language="python",
        )


class WarmProvisioner(LocalProvisioner):
    """Launches kernels from a nursery."""

    nursery: Nursery

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1:]
        self.process = self.nursery.fork(arguments, kwargs.get("cwd") or os.getcwd())
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def warmed(manager: Any, nursery: Nursery) -> None:
    """Let a kernel manager take its kernel from the nursery."""
    provisioner = WarmProvisioner(kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec,
                                  parent=manager)
    provisioner.nursery = nursery
    manager.provisioner = provisioner
