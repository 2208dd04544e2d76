namespace Inspection.Decisions.Work;

public enum WorkStage
{
    /// <summary>Every frame.</summary>
    Coarse = 1,

    /// <summary>Candidate regions at full resolution (rule W6).</summary>
    Verify = 2,
}
