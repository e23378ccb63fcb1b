namespace MdmOrleans.Server.Hosting;

/// <summary>A setting with which the process cannot start. The message is one sentence that names the key.</summary>
internal sealed class SettingException : Exception
{
    public SettingException(string message)
        : base(message)
    {
    }

    public SettingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public SettingException()
    {
    }
}
