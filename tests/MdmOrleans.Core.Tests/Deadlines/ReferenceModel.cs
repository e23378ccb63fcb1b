namespace MdmOrleans.Core.Tests.Deadlines;

/// <summary>
/// What a device must become, read from the text of the domain and told hour by hour: nothing is looked ahead to, nothing is caught
/// up on, and no line of it is shared with the rules.
/// </summary>
internal sealed class ReferenceModel(ModelPolicy policy)
{
    private readonly HashSet<ModelStep> _taken = [];
    private ModelPolicy _policy = policy;
    private int _policySince;
    private int? _heardAt;
    private bool _osIsGood;
    private int? _osFailsSince;
    private int? _silentSince;
    private int? _episodeSince;

    public int Hour { get; private set; }

    /// <summary>Everything that happened, in order: the hour, and what.</summary>
    public List<(int Hour, string What)> Log { get; } = [];

    public string Status { get; private set; } = "unknown";

    public bool IsQuarantined { get; private set; }

    public string Access => IsHeld("block") ? "block" : _heardAt is null || IsQuarantined ? "quarantine" : "allow";

    public int? NoncompliantSince => _episodeSince;

    public int? GraceEndsAt => _episodeSince + _policy.GraceHours;

    public bool IsNominated { get; private set; }

    public void Pass(int hours)
    {
        for (var i = 0; i < hours; i++)
        {
            Hour++;
            Judge();
        }
    }

    public void CheckIn(bool osIsGood)
    {
        (_osIsGood, _heardAt) = (osIsGood, Hour);
        Judge();
    }

    public void Change(ModelPolicy policy)
    {
        (_policy, _policySince) = (policy, Hour);
        Judge();
    }

    private void Judge()
    {
        if (_heardAt is not { } heardAt)
        {
            return; // nothing is known of it
        }

        var isSilent = _policy.SilenceHours is { } limit && Hour >= heardAt + limit;
        _osFailsSince = _policy.AsksForOs && !_osIsGood ? _osFailsSince ?? Math.Max(_policySince, heardAt) : null;
        _silentSince = isSilent ? _silentSince ?? Math.Max(_policySince, heardAt + _policy.SilenceHours!.Value) : null; // it is silent, so there is a limit
        var earliest = (_osFailsSince, _silentSince) switch
        {
            ({ } os, { } silent) => Math.Min(os, silent),
            var (os, silent) => os ?? silent,
        };
        if (earliest is null && _episodeSince is not null)
        {
            (_, IsNominated) = (_taken.RemoveWhere(_ => true), false);
        }

        _episodeSince = earliest is null ? null : _episodeSince ?? earliest;
        Settle();
        TakeSteps();
    }

    private void TakeSteps()
    {
        if (_episodeSince is not { } since)
        {
            return;
        }

        foreach (var step in _policy.Steps.OrderBy(step => step.After))
        {
            if (since + step.After <= Hour && _taken.Add(step))
            {
                Log.Add((Hour, step.Action));
                IsNominated |= step.Action == "nominateRetire";
                Settle();
            }
        }
    }

    private void Settle()
    {
        var status = _episodeSince is null ? "compliant" : Hour < GraceEndsAt ? "inGracePeriod" : "noncompliant";
        Tell(status != Status, status);
        Status = status;
        var isQuarantined = status == "noncompliant" || IsHeld("quarantine");
        Tell(isQuarantined != IsQuarantined, isQuarantined ? "Quarantined" : "Active");
        IsQuarantined = isQuarantined;
    }

    /// <summary>By a step that was taken in this episode, and that the policy still has.</summary>
    private bool IsHeld(string action) => _episodeSince is not null && _policy.Steps.Any(step => step.Action == action && _taken.Contains(step));

    private void Tell(bool hasHappened, string what)
    {
        if (hasHappened)
        {
            Log.Add((Hour, what));
        }
    }
}
