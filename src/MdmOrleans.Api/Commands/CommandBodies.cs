using System.Collections.Immutable;
using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Api.Commands;

/// <summary>From the request to what the twin is asked.</summary>
internal static class CommandBodies
{
    private const int MaxParameters = 16 * 1024;
    private const int MaxLifeSeconds = 31_536_000;

    private static readonly Utf8Block NoParameters = Utf8Block.FromText("{}");

    public static Outcome<CommandRequest> Read(this QueueCommandRequest request, string? idempotencyKey, string actor)
    {
        var parameters = request.Parameters.IsAbsent ? NoParameters : new Utf8Block(request.Parameters.Utf8.ToArray());
        if (parameters.Span.Length > MaxParameters)
        {
            return ApiProblems.ParametersTooLarge(MaxParameters);
        }

        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        var kind = CommandNames.ToCommandKind(request.Kind);
        if (kind is null)
        {
            errors.Add(new ProblemError("/kind", $"must be one of {string.Join(", ", Enum.GetValues<CommandKind>().Select(CommandNames.ToWire))}"));
        }

        if (parameters.Span[0] != (byte)'{')
        {
            errors.Add(new ProblemError("/parameters", "must be an object"));
        }

        if (request.ExpiresInSeconds is < 1 or > MaxLifeSeconds)
        {
            errors.Add(new ProblemError("/expiresInSeconds", $"must be 1 to {MaxLifeSeconds}"));
        }

        if (kind == CommandKind.UpdateOs && request.InPatchWindow == false)
        {
            errors.Add(new ProblemError("/inPatchWindow", "must not be false for updateOs"));
        }

        return errors.Count > 0 ? ApiProblems.InvalidBody(errors.DrainToImmutable()) : new CommandRequest
        {
            Kind = kind ?? default,
            Parameters = parameters,
            ExpiresIn = request.ExpiresInSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            IdempotencyKey = idempotencyKey,
            Actor = actor,
            InPatchWindow = request.InPatchWindow ?? false,
        };
    }
}
