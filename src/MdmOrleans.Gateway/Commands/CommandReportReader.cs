using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Payloads;

namespace MdmOrleans.Gateway.Commands;

/// <summary>Reads the payload of <c>up/command/{id}</c>.</summary>
internal static class CommandReportReader
{
    private const int MaximumCodeLength = 128;
    private const int MaximumDetailLength = 4096;
    private const int MaximumResultBytes = 16 * 1024;

    private const string Statuses = "received, executing, succeeded, failed, rejected or notNow";

    private static readonly MemberTable Members = new("status", "code", "detail", "result");

    /// <returns>The report on the command <paramref name="id"/>, or what is wrong with it.</returns>
    public static Outcome<CommandReport> Read(ReadOnlySpan<byte> payload, Guid id, SessionEpoch session, int enrollment)
    {
        CommandStatus? status = null;
        string? code = null;
        string? detail = null;
        Utf8Block result = default;
        var reader = new PayloadReader(payload);
        try
        {
            var member = -1;
            for (var more = reader.TryBegin(); more && reader.MoveNext(Members, ref member);)
            {
                switch (member)
                {
                    case 0: status = reader.ReadWord("status", CommandNames.ToReportedStatus, Statuses); break;
                    case 1: code = reader.ReadString("code", MaximumCodeLength); break;
                    case 2: detail = reader.ReadString("detail", MaximumDetailLength); break;
                    case 3: result = reader.ReadObject("result", MaximumResultBytes); break;
                }
            }
        }
        catch (JsonException)
        {
            return reader.Malformed;
        }

        if (reader.Problem is { } problem)
        {
            return problem;
        }

        return status is { } said
            ? new CommandReport { Id = id, Status = said, Code = code, Detail = detail, Result = result, Session = session, Epoch = enrollment }
            : PayloadProblems.Missing("status");
    }
}
