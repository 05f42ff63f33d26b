"""Measure a folder of five languages: ``python -m benchmarks.languages.run [--work DIR]``.

Sixty questions about ten invented articles, two in each of English, German, Spanish, Russian and
Chinese: a third in another language than the article that answers, a quarter without an answer.
They are asked through ``sourcebot eval``, once with the models of English and once with those of
all languages.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.kinds.run import measured

HERE = Path(__file__).parent
MODELS = ("english", "multilingual")


def main() -> None:
    """Read the command line, measure with each models, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work/languages"))
    work = parser.parse_args().work
    found = {}
    for models in MODELS:
        project = work / models
        project.mkdir(parents=True, exist_ok=True)
        (project / "config.toml").write_text(f'[language]\nmodels = "{models}"\n', "utf-8")
        found[models] = measured(HERE / "questions.jsonl", project, HERE / "sources")["kinds"]
    print("| question in, article in | of | " + " | ".join(MODELS) + " |\n|---|---|---|---|")
    for kind, counts in found[MODELS[0]].items():
        right = " | ".join(str(found[models][kind]["right"]) for models in MODELS)
        print(f"| {kind} | {counts['questions']} | {right} |")


if __name__ == "__main__":
    main()
