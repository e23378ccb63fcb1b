namespace MdmOrleans.Contracts.Http.Health;

/// <summary>Answer of <c>/healthz/live</c> and <c>/healthz/ready</c> when all is well.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
/// <param name="Checks">What was asked; empty for <c>live</c>.</param>
public sealed record HealthBody(string Status, IReadOnlyList<string> Checks);
