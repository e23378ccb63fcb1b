namespace MdmOrleans.Api.Health;

/// <summary>One thing without which this process must not be sent work. Every registered one is asked by <c>/healthz/ready</c>.</summary>
public interface IReadinessCheck
{
    /// <summary>What it is about, in a word or two, e.g. <c>storage</c>: it is shown when the answer is no.</summary>
    string Name { get; }

    /// <summary>What is shown when the answer is no.</summary>
    string Complaint => Name;

    /// <summary>Cheap; asked every few seconds. One that throws, or takes longer than two seconds, is not ready.</summary>
    ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken);
}
