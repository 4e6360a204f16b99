"""What a wheel carries beyond its modules: the commented defaults and the compiled catalogues."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
LANGUAGES = ("ru", "uk")


class BuildWithData(build_py):
    """Put `config/*.yaml` into `crm/defaults` and the catalogues into `crm/locale/*.mo`.

    An editable install has neither: it reads `config/` and `.po` files of the clone.
    """

    def run(self) -> None:
        """Build the modules, then what goes beside them."""
        super().run()
        if not getattr(self, "editable_mode", False):
            package = Path(self.build_lib) / "crm"
            self._copy_defaults(package / "defaults")
            self._compile_catalogues(package / "locale")

    def _copy_defaults(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted((ROOT / "config").glob("*.yaml")):
            self.copy_file(str(file), str(folder / file.name))

    def _compile_catalogues(self, folder: Path) -> None:
        sys.path.insert(0, str(ROOT))
        from crm.locale.catalogue import compile_catalogue, po_files

        for code in LANGUAGES:
            sources = [path for path, _time, _size in po_files(code, str(ROOT / "crm"))]
            (folder / f"{code}.mo").write_bytes(compile_catalogue(code, sources))


setup(cmdclass={"build_py": BuildWithData})
