using System.Text.Json;
using MdmOrleans.Agent.Sdk.Commands;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk;

/// <summary>What became of a command. What exceeds the limits of <see cref="CommandReport"/> is cut.</summary>
public sealed record CommandOutcome
{
    private CommandOutcome(CommandReport report) => Report = ReportLimits.Fit(report);

    internal CommandReport Report { get; }

    /// <summary>False where the command is to be offered again.</summary>
    internal bool IsFinal => Report.Status != ReportStatusNames.NotNow;

    /// <param name="result">A JSON object, or null.</param>
    public static CommandOutcome Succeeded(JsonElement? result = null) => new(new CommandReport(ReportStatusNames.Succeeded, Result: result));

    /// <summary>It was tried, and it did not work.</summary>
    public static CommandOutcome Failed(string code, string? detail = null) => new(new CommandReport(ReportStatusNames.Failed, code, detail));

    /// <summary>It was not tried, and never will be.</summary>
    public static CommandOutcome Rejected(string code, string? detail = null) => new(new CommandReport(ReportStatusNames.Rejected, code, detail));

    /// <summary>It cannot be done at the moment; the server offers it again later.</summary>
    public static CommandOutcome NotNow(string? detail = null) => new(new CommandReport(ReportStatusNames.NotNow, Detail: detail));
}
