using System.Reflection;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Identity;

/// <summary>Who is asking: the key that was proved.</summary>
internal sealed record Caller(AccessKey Key) : IBindableFromHttpContext<Caller>
{
    /// <summary>As the history has it.</summary>
    public string Actor => Actors.Key(Key.Name);

    /// <summary>Null when nobody was proved.</summary>
    public static Caller? Of(HttpContext http) => http.Features.Get<Caller>();

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context));
}
