using System.Text.Json;

namespace MdmOrleans.Contracts.Commands;

/// <summary>Payload of <c>up/command/{id}</c>: what became of a command.</summary>
/// <param name="Status">One of <see cref="ReportStatusNames"/>. States may be skipped forward.</param>
/// <param name="Code">Why, for programs; at most <see cref="LongestCode"/> characters.</param>
/// <param name="Detail">Why, for people; at most <see cref="LongestDetail"/> characters.</param>
/// <param name="Result">An object that the command brought about; at most <see cref="LargestResult"/> bytes of JSON.</param>
public sealed record CommandReport(string Status, string? Code = null, string? Detail = null, JsonElement? Result = null)
{
    public const int LongestCode = 128;
    public const int LongestDetail = 4096;
    public const int LargestResult = 16 * 1024;
}

/// <summary>How the statuses of a command report are spelled on the wire.</summary>
public static class ReportStatusNames
{
    public const string Received = "received";
    public const string Executing = "executing";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Rejected = "rejected";
    public const string NotNow = "notNow";
}
