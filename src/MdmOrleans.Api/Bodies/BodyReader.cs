using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Bodies;

/// <summary>Takes a body off the wire: bounded, UTF-8, valid JSON, and what was asked for.</summary>
internal static class BodyReader
{
    private const int EmptyLimit = 64;

    /// <param name="expected">Null: any JSON will do.</param>
    /// <returns>The bytes of a body that <see cref="BodyCheck"/> found nothing wrong with, or why there are none.</returns>
    public static async ValueTask<(byte[] Json, Problem? Problem)> ReadAsync(HttpRequest request, int limit, JsonTypeInfo? expected)
    {
        if (await ReadBytesAsync(request, limit) is not { } bytes)
        {
            return ([], ApiProblems.TooLarge(limit));
        }

        return (bytes, Check(bytes, expected));
    }

    /// <summary>Null when there is no body, or an object without members.</summary>
    public static async ValueTask<Problem?> DemandNoneAsync(HttpRequest request) =>
        await ReadBytesAsync(request, EmptyLimit) is { } bytes && bytes.AsSpan().Trim(" \t\r\n"u8) is [] or [(byte)'{', (byte)'}']
            ? null
            : ApiProblems.InvalidBody([new ProblemError(string.Empty, "must be empty: this route takes no body")]);

    /// <returns>What is wrong with these bytes; null: nothing.</returns>
    public static Problem? Check(byte[] bytes, JsonTypeInfo? expected)
    {
        if (bytes.Length == 0)
        {
            return ApiProblems.Malformed("The body is empty.");
        }

        if (!Utf8.IsValid(bytes))
        {
            return ApiProblems.Malformed("The body is not UTF-8.");
        }

        try
        {
            var errors = BodyCheck.Run(bytes, expected);
            return errors.IsEmpty ? null : ApiProblems.InvalidBody(errors);
        }
        catch (JsonException e)
        {
            var place = $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}";
            return ApiProblems.Malformed($"The body is not JSON, or is nested more than {BodyCheck.MaxDepth} deep, at {place}.");
        }
    }

    /// <summary>Null when there are more than <paramref name="limit"/>.</summary>
    public static async ValueTask<byte[]?> ReadBytesAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
