"""The stages there are. To add one: write its file in `stages/`, then its line here.

Nothing is imported, so that the command line has the names before it needs anything else.
"""

from typing import Final

# What `run` plans, in the order in which a job works through them: each has a method `plan`.
PLANNED_BY_RUN: Final = {
    "queries": "engine.stages.queries:QueriesStage",
    "answers": "engine.stages.answers:AnswersStage",
    "train": "engine.stages.train:TrainStage",
    "predict": "engine.stages.predict:PredictStage",
    "embed": "engine.stages.embed:EmbedStage",
    "cluster": "engine.stages.cluster:ClusterStage",
    "drift": "engine.stages.drift:DriftStage",
    "distribution": "engine.stages.distribution:DistributionStage",
    "production": "engine.stages.production:ProductionStage",
}
# What other commands ask for.
ON_REQUEST: Final = {
    "baseline": "engine.stages.baseline:BaselineStage",
    "judge": "engine.stages.classify:ClassifyStage",
    "scenarios": "engine.stages.scenarios:ScenariosStage",
    "correct": "engine.stages.correct:CorrectStage",
    "annotate": "engine.stages.annotate:AnnotateStage",
    "evaluate": "engine.stages.evaluate:EvaluateStage",
    "simulate": "engine.stages.simulate:SimulateStage",
    "vectors": "engine.stages.vectors:VectorsStage",
    "learning": "engine.stages.learning:LearningStage",
    "traffic": "engine.stages.traffic:TrafficStage",
    "speed": "engine.stages.speed:SpeedStage",
    "terms": "engine.stages.terms:TermsStage",
    "titles": "engine.stages.titles:TitlesStage",
    "try": "engine.stages.trial:TrialStage",
    "tune": "engine.stages.tune:TuneStage",
}
STAGES: Final = {**PLANNED_BY_RUN, **ON_REQUEST}
